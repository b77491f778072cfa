// Removes secrets from a finished line of the log, at any depth and in any text. It is the last step before the line is written.

const REDACTED = '[redacted]'

const names =
  '[a-z]*token|ticket|secret|session_secret|password|authorization|proxy-authorization|cookie|set-cookie|api_?key|x-api-key'
/** Fields whose text is a secret, at any depth, also in JSON within a text. */
const FIELD = new RegExp(`"(${names})":\\s*(?:"(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\])`, 'gi')
const FIELD_IN_TEXT = new RegExp(`\\\\"(${names})\\\\":\\s*\\\\"(?:(?!\\\\").)*\\\\"`, 'gi')
/** A `code` is an invite of 24 characters, unless it is an error code such as CONFLICT or ECONNREFUSED. */
const CODE = /"code":\s*"(?!(?![A-Z0-9_]{24}")[A-Z0-9_]+")(?:[^"\\]|\\.)*"/g
const QUERY = /([?&](?:token|ticket|code|key|access_token|invite)=)[^&\s"'\\#]+/gi
const INVITE = /(\/join\/)[A-Za-z0-9_-]+/g
/** The name in the address of a picture: who knows it may load the picture. The name of a source file has a dot behind it. */
const PICTURE = /(\/media\/[\w-]{1,64}\/)[\w-]{22}(?![\w.-])/g
/** The same for a tile of a map, whose name is that of a file. */
const TILE = /(\/media\/[\w-]{1,64}\/map\/[\w-]{1,64}\/[\d-]{1,20}\/)[\w-]{22}(?=\.webp)/g
const USERINFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"\\]+@/gi
const BEARER = /\b(Bearer\s+)[^\s"'\\,]+/gi
/** A signed token (RFC 7519), and a ticket or an API key, by their form. */
const SIGNED = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g
const MARKED = /\b(?:tkt|tck)_[\w-]{8,}/g

export const withoutSecrets = (line: string): string =>
  line
    .replaceAll(FIELD, `"$1":"${REDACTED}"`)
    .replaceAll(FIELD_IN_TEXT, String.raw`\"$1\":\"${REDACTED}\"`)
    .replaceAll(CODE, `"code":"${REDACTED}"`)
    .replaceAll(QUERY, `$1${REDACTED}`)
    .replaceAll(INVITE, `$1${REDACTED}`)
    .replaceAll(PICTURE, `$1${REDACTED}`)
    .replaceAll(TILE, `$1${REDACTED}`)
    .replaceAll(USERINFO, `$1${REDACTED}@`)
    .replaceAll(BEARER, `$1${REDACTED}`)
    .replaceAll(SIGNED, REDACTED)
    .replaceAll(MARKED, REDACTED)
