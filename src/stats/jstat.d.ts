/** The functions of jStat that are used here; the package has no types. */
declare module 'jstat' {
  interface StudentT {
    cdf(x: number, degreesOfFreedom: number): number
    inv(p: number, degreesOfFreedom: number): number
  }
  interface Beta {
    inv(p: number, alpha: number, beta: number): number
  }
  const library: { readonly jStat: { readonly studentt: StudentT; readonly beta: Beta } }
  export default library
}
