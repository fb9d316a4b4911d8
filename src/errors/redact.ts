// Secrets → what takes them out of a text, in every form in which a server may send them back.

/** Shorter ones are in any text. */
const minLength = 4;

/** @param secrets of the configuration, @param user whose name stands before the password in Basic authorization */
export function redactor(secrets: readonly string[], user = ''): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= minLength)
    .flatMap((secret) => [
      Buffer.from(`${user}:${secret}`).toString('base64'),
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      secret,
    ]);
  return (text) => forms.reduce((shown, form) => shown.replaceAll(form, '***'), text);
}
