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
      Buffer.from(secret).toString('base64'),
      JSON.stringify(secret).slice(1, -1),
      escapedForHtml(JSON.stringify(secret).slice(1, -1)),
      secret.replace(/[&<>"']/g, (character) => entities[character]!),
      secret,
    ]);
  return (text) => forms.reduce((shown, form) => shown.replaceAll(form, '***'), text);
}

/** JSON, as servers write it that fear its being put into a page. */
const escapedForHtml = (json: string): string =>
  json.replace(/[&<>']/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
