import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { completionScript } from '../../src/cli/completion/index.js'
import { program } from '../../src/cli/program.js'

// The scripts run in the shells themselves, where these are installed.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-completion-'))
afterAll(() => rmSync(folder, { recursive: true }))
for (const path of ['runs/scorers/3f2a0000', 'runs/scorers/91bc0000', 'runs/scorers/attempts', 'other/cells/77aa0000'])
  mkdirSync(join(folder, path), { recursive: true })
for (const file of ['spec.yaml', 'study.yml', 'notes.txt']) writeFileSync(join(folder, file), '')
const scriptOf = (shell: 'bash' | 'zsh' | 'fish') => {
  const file = join(folder, `completion.${shell}`)
  writeFileSync(file, completionScript(shell, program()))
  return file
}
const isInstalled = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0
const verbs = program().commands.map((verb) => verb.name())

/** The words of a line as bash takes it apart: `=` is a word of its own. */
function bash(line: string): string[] {
  const words = line.split(/ |(=)/).filter((word) => word !== undefined)
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const script = `source '${scriptOf('bash')}'; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
    $(complete -p seqlab | sed 's/.*-F \\([^ ]*\\) .*/\\1/'); printf '%s\\n' "\${COMPREPLY[@]}"`
  const printed = execFileSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' })
  return printed.split('\n').filter((word) => word !== '')
}

describe('in bash', () => {
  it.each([
    ['seqlab ', verbs],
    ['seqlab co', ['compare', 'completion']],
    ['seqlab run --eng', ['--engine']],
    ['seqlab run --engine ', ['auto', 'compiled', 'tfjs-node', 'tfjs-cpu']],
    ['seqlab run --engine=tfjs-n', ['tfjs-node']],
    ['seqlab compare --format h', ['html']],
    ['seqlab compare --metric w', ['wer']],
    ['seqlab run spec.yaml --set task=t', ['transduce', 'tag']],
    ['seqlab run spec.yaml --isolation ', ['thread', 'process']],
    ['seqlab sweep s', ['spec.yaml', 'study.yml']],
    ['seqlab check spec.yaml s', ['spec.yaml', 'study.yml']],
    ['seqlab export --onnx o', ['other']],
    ['seqlab show sc', ['scorers']],
    ['seqlab show scorers/', ['scorers/3f2a0000', 'scorers/91bc0000']],
    ['seqlab diff scorers/3f2a0000 9', ['91bc0000']],
    ['seqlab show --out other 7', ['77aa0000']],
    ['seqlab compare runs/', ['runs/scorers']],
    ['seqlab completion z', ['zsh']],
    ['seqlab schema x', []],
  ])('%j', (line, expected) => {
    expect(bash(line).sort()).toEqual([...expected].sort())
  })

  it('completes every option of every verb that its help shows, and only these', () => {
    const help = program().createHelp()
    for (const verb of program().commands) {
      const options = help.visibleOptions(verb).map((option) => option.long ?? '')
      expect(bash(`seqlab ${verb.name()} --`).sort()).toEqual(options.sort())
    }
  })
})

describe.skipIf(!isInstalled('zsh'))('in zsh', () => {
  const zsh = (...words: readonly string[]) => {
    const quoted = words.map((word) => `'${word}'`).join(' ')
    // What only a line editor has, as functions that print what they are given.
    const script = `compdef() {}; _files() { print -- files "$@" }; compadd() { shift; print -l -- "$@" }
      _describe() { print -l -- "\${(@P)2}" }; source '${scriptOf('zsh')}'; words=(${quoted}); CURRENT=${words.length}; _seqlab`
    return execFileSync('zsh', ['-f', '-c', script], { cwd: folder, encoding: 'utf8' }).trimEnd().split('\n')
  }

  it('completes verbs, options, values, specs and runs', () => {
    expect(zsh('seqlab', '').map((line) => line.split(':')[0])).toEqual(verbs)
    expect(zsh('seqlab', 'run', '--')).toContain('--engine:compute engine')
    expect(zsh('seqlab', 'run', '--engine', '')).toEqual(['auto', 'compiled', 'tfjs-node', 'tfjs-cpu'])
    expect(zsh('seqlab', 'check', '')).toEqual(['files -g *.(yaml|yml|json)'])
    expect(zsh('seqlab', 'show', '')).toEqual(['scorers', 'scorers/3f2a0000', 'scorers/91bc0000', 'files -/'])
    expect(zsh('seqlab', 'show', '--out', 'other', '')).toEqual(['cells', 'cells/77aa0000', 'files -/'])
  })
})

describe.skipIf(!isInstalled('fish'))('in fish', () => {
  const fish = (line: string) => {
    const script = `source '${scriptOf('fish')}'; complete -C '${line}'`
    const printed = execFileSync('fish', ['--no-config', '-c', script], { cwd: folder, encoding: 'utf8' })
    return printed
      .trimEnd()
      .split('\n')
      .map((row) => row.split('\t')[0])
  }

  it('completes verbs, options, values, specs and runs', () => {
    expect(fish('seqlab ').sort()).toEqual([...verbs].sort())
    expect(fish('seqlab run --eng')).toEqual(['--engine'])
    expect(fish('seqlab run --engine ').sort()).toEqual(['auto', 'compiled', 'tfjs-cpu', 'tfjs-node'])
    expect(fish('seqlab check s')).toEqual(expect.arrayContaining(['spec.yaml', 'study.yml']))
    expect(fish('seqlab show sc')).toEqual(expect.arrayContaining(['scorers', 'scorers/3f2a0000']))
  })
})
