/** The address of a package's file, which is served unchanged. */
declare module '*?url' {
  const address: string
  export default address
}
