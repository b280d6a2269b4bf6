import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withoutTelemetry } from '../../src/engine/compiled/telemetry.js'
import { startHost } from '../../src/runner/agents/start-host.js'

it('a user has the last word', () => {
  expect(withoutTelemetry({ HOME: '/home/me' })).toEqual({ HOME: '/home/me', ORT_DISABLE_TELEMETRY: '1' })
  expect(withoutTelemetry({ ORT_DISABLE_TELEMETRY: '0' })).toEqual({ ORT_DISABLE_TELEMETRY: '0' })
})

it('is off where ONNX Runtime is loaded', () => {
  const { ORT_DISABLE_TELEMETRY: _, ...env } = process.env
  const code = `import('./src/engine/compiled/runtime.ts').then(() => console.log(process.env.ORT_DISABLE_TELEMETRY))`
  const out = execFileSync(process.execPath, ['--import', 'tsx', '-e', code], { env, encoding: 'utf8' })
  expect(out.trim()).toBe('1')
})

it.skipIf(process.platform !== 'linux')(
  'is off in hosts from their start, so that their threads have it off too',
  async () => {
    const ended = new Promise<void>((resolve) => {
      const callbacks = { message: () => {}, exit: () => resolve() }
      const host = startHost(
        { capacity: 1, engine: { name: 'compiled', threads: 1 }, parts: [], heartbeatMs: 1000 },
        callbacks,
      )
      const pid = /\d+/.exec(host.name)?.[0] ?? ''
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')).toContain('ORT_DISABLE_TELEMETRY=1')
      host.kill()
    })
    await ended
  },
)
