/** The functions of jStat that are used here; the package has no types. */
declare module 'jstat' {
  interface StudentT {
    cdf(x: number, degreesOfFreedom: number): number
    inv(p: number, degreesOfFreedom: number): number
  }
  interface Beta {
    inv(p: number, alpha: number, beta: number): number
  }
  interface ChiSquare {
    inv(p: number, degreesOfFreedom: number): number
  }
  interface Normal {
    cdf(x: number, mean: number, deviation: number): number
    inv(p: number, mean: number, deviation: number): number
  }
  const library: {
    readonly jStat: {
      readonly studentt: StudentT
      readonly beta: Beta
      readonly chisquare: ChiSquare
      readonly normal: Normal
    }
  }
  export default library
}
