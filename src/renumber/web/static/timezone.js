// Tells the server the time zone, so that times on pages and in mails are the person's own.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && /^[A-Za-z0-9_+\-/]{1,64}$/.test(zone)) {
  document.cookie = `time-zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax; Secure`;
}
