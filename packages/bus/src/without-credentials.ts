/** Credentials never reach a log or a health report. */
export const withoutCredentials = (url: string): string => url.replaceAll(/\/\/[^/@\s,]*@/g, '//')
