/**
 * ONNX Runtime 1.30 reports its use to its maker (and leaves `:memory:.ses` where it runs) unless this variable is set. It reads
 * the environment of the process, which only the main thread can set: a process of threads is started with it.
 */
const telemetrySwitch = 'ORT_DISABLE_TELEMETRY'

/** An environment in which nothing is reported; what a user has set stays. */
export function withoutTelemetry(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { [telemetrySwitch]: '1', ...environment }
}

/** Has this process report nothing, before ONNX Runtime is loaded. */
export function reportNothing(): void {
  process.env[telemetrySwitch] ??= '1'
}
