// This device's own key: made here, kept by the browser in such a way that no script can read it, not even this one.

import { base64url, bytesOf } from "./encoding.js";

const NAME = "renumber-device";
const STORE = "device";
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };
const NOT_EXPORTABLE = false;

export const canKeepKeys = () => Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.indexedDB);

export const makeKeys = () => crypto.subtle.generateKey(CURVE, NOT_EXPORTABLE, ["sign", "verify"]);

export const publicPoint = async ({ publicKey }) => base64url(await crypto.subtle.exportKey("raw", publicKey));

export const signed = async ({ privateKey }, ...lines) =>
  base64url(await crypto.subtle.sign(SIGNATURE, privateKey, bytesOf(lines.join("\n"))));

// What is kept: "this" is the connected device, "waiting" one that its owner has still to confirm, "new" one that is being
// connected. The connected one stays until another takes its place.

export const kept = (slot) => within("readonly", (store) => store.get(slot));

export const keep = (slot, device) => within("readwrite", (store) => store.put(device, slot));

export const forget = (slot) => within("readwrite", (store) => store.delete(slot));

async function within(mode, act) {
  const database = await opened();
  try {
    const transaction = database.transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error);
    });
    return request.result;
  } finally {
    database.close();
  }
}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}
