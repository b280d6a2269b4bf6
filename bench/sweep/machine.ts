import { spawn } from 'node:child_process'

/**
 * What a second process brings on this machine at best: a loop without memory, alone and in two processes at once. 2 where
 * the cores do not get in each other's way.
 */
export async function machineLimit(): Promise<number> {
  const aloneMs = await loop()
  const togetherMs = Math.max(...(await Promise.all([loop(), loop()])))
  return (2 * aloneMs) / togetherMs
}

const body = `
  const began = performance.now()
  let x = 1
  for (let i = 0; i < 8e8; i++) x = x * 1.0000001 + 1e-9
  console.log(performance.now() - began, x)`

function loop(): Promise<number> {
  const child = spawn(process.execPath, ['-e', body], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  return new Promise((resolve) => child.on('close', () => resolve(Number.parseFloat(text))))
}
