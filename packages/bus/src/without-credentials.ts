/** A URL without user and password, for logs and health reports. */
export const withoutCredentials = (url: string): string => url.replaceAll(/\/\/[^/@\s,]*@/g, '//')
