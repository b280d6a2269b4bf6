/** The two functions of jStat that are used here; the package has no types. */
declare module 'jstat' {
  interface StudentT {
    cdf(x: number, degreesOfFreedom: number): number
    inv(p: number, degreesOfFreedom: number): number
  }
  const library: { readonly jStat: { readonly studentt: StudentT } }
  export default library
}
