// The last thing that happens to a line of the log: whatever was logged, and however deep, what lets somebody in is gone.

const REDACTED = '[redacted]'

const names =
  '[a-z]*token|ticket|secret|session_secret|password|authorization|proxy-authorization|cookie|set-cookie|api_?key|x-api-key'
/** Fields whose text is a secret, wherever they stand; also in JSON that stands in a text. */
const FIELD = new RegExp(`"(${names})":\\s*(?:"(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\])`, 'gi')
const FIELD_IN_TEXT = new RegExp(`\\\\"(${names})\\\\":\\s*\\\\"(?:(?!\\\\").)*\\\\"`, 'gi')
/** `code` is an invite's, of 24 characters, unless it is the name of an error, as CONFLICT or ECONNREFUSED. */
const CODE = /"code":\s*"(?!(?![A-Z0-9_]{24}")[A-Z0-9_]+")(?:[^"\\]|\\.)*"/g
const QUERY = /([?&](?:token|ticket|code|key|access_token|invite)=)[^&\s"'\\#]+/gi
const INVITE = /(\/join\/)[A-Za-z0-9_-]+/g
const USERINFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"\\]+@/gi
const BEARER = /\b(Bearer\s+)[^\s"'\\,]+/gi
/** By their looks: a signed token (RFC 7519), a ticket, an API key. */
const SIGNED = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g
const MARKED = /\b(?:tkt|tck)_[\w-]{8,}/g

export const withoutSecrets = (line: string): string =>
  line
    .replaceAll(FIELD, `"$1":"${REDACTED}"`)
    .replaceAll(FIELD_IN_TEXT, String.raw`\"$1\":\"${REDACTED}\"`)
    .replaceAll(CODE, `"code":"${REDACTED}"`)
    .replaceAll(QUERY, `$1${REDACTED}`)
    .replaceAll(INVITE, `$1${REDACTED}`)
    .replaceAll(USERINFO, `$1${REDACTED}@`)
    .replaceAll(BEARER, `$1${REDACTED}`)
    .replaceAll(SIGNED, REDACTED)
    .replaceAll(MARKED, REDACTED)
