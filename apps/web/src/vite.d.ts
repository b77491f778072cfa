/** A file of a package, served as it is: its address. */
declare module '*?url' {
  const address: string
  export default address
}
