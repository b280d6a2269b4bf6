import type { ExportedPort } from '../engine/compiled/export.js'

interface Described {
  readonly title: string
  readonly sourceSteps: number
  readonly encoder: { readonly inputs: readonly ExportedPort[]; readonly outputs: readonly ExportedPort[] }
  readonly step: { readonly inputs: readonly ExportedPort[]; readonly outputs: readonly ExportedPort[] }
}

/** The folder's README: what the files take and give. */
export function exportReadme({ title, sourceSteps, encoder, step }: Described): string {
  return `# ${title}, as ONNX

Two models for any ONNX runtime (opset 18), float32, one example at a time; \`symbols.json\` has the symbols by id
(0 padding, 1 begin, 2 end, 3 unknown).

## encoder.onnx: run once a source
${portTable(encoder)}
Sources are padded with 0 to ${sourceSteps} ids; the mask is 1 on real ones and 0 on padding.

## step.onnx: run once an output symbol
${portTable(step)}
\`previous\` is 1 (begin) at first, then the symbol chosen last; outputs \`next.state.*\` are the next step's inputs
\`state.*\`; \`memory.*\` stay as the encoder gave them. Stop at 2 (end); 0 and 1 are never chosen.

\`greedy.py\` does that: \`echo '5 6 7' | python greedy.py\` reads lines of source ids and prints the output's ids
(Python with onnxruntime and numpy).
`
}

function portTable({ inputs, outputs }: Described['step']): string {
  const row =
    (kind: string) =>
    ({ name, dtype, shape }: ExportedPort) =>
      `| ${kind} | \`${name}\` | ${dtype} | [${shape.join(', ')}] |`
  return [
    '| | name | type | shape |',
    '|---|---|---|---|',
    ...inputs.map(row('in')),
    ...outputs.map(row('out')),
    '',
  ].join('\n')
}

/** Greedy search over the two models. */
export function greedyScript(sourceSteps: number, maxLength: number): string {
  return `"""Reads lines of source ids, prints the ids of the most probable output symbols, step by step."""
import pathlib
import sys

import numpy as np
import onnxruntime

here = pathlib.Path(__file__).parent
encoder = onnxruntime.InferenceSession(here / "encoder.onnx", providers=["CPUExecutionProvider"])
step = onnxruntime.InferenceSession(here / "step.onnx", providers=["CPUExecutionProvider"])
wanted = {port.name for port in step.get_inputs()}
used = {port.name for port in encoder.get_inputs()}

for line in sys.stdin:
    ids = [int(word) for word in line.split()]
    padded = np.zeros((1, ${sourceSteps}), np.int32)
    padded[0, : len(ids)] = ids
    mask = (np.arange(${sourceSteps}) < len(ids)).astype(np.float32)[None]
    given = {name: value for name, value in {"ids": padded, "mask": mask}.items() if name in used}
    carried = dict(zip([port.name for port in encoder.get_outputs()], encoder.run(None, given)))
    chosen, output = 1, []
    while len(output) < ${maxLength}:
        carried["previous"] = np.array([chosen], np.int32)
        feeds = {name: value for name, value in carried.items() if name in wanted}
        results = dict(zip([port.name for port in step.get_outputs()], step.run(None, feeds)))
        chosen = 2 + int(results["logProbs"][0, 2:].argmax())  # never padding or begin
        if chosen == 2:
            break
        output.append(chosen)
        carried.update({name.removeprefix("next."): value for name, value in results.items()})
    print(*output)
`
}
