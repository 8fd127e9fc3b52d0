// Bytes as base64url without padding (RFC 4648 5), and texts as bytes.

export const bytesOf = (text) => new TextEncoder().encode(text);

export function base64url(bytes) {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export const digestOf = async (text) => base64url(await crypto.subtle.digest("SHA-256", bytesOf(text)));
