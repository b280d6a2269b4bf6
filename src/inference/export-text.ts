import { greedySteps } from '../decode/greedy-steps.js'
import type { ModelDescription } from '../store/index.js'

type Functions = NonNullable<ModelDescription['functions']>

/** The folder's README: what the files take and give. */
export function exportReadme({ label, spec, functions = {} }: ModelDescription): string {
  return `# ${label}, as ONNX

A trained model of the task ${spec.task.type}: ${Object.keys(functions)
    .map((name) => `\`${name}.onnx\``)
    .join(', ')} for any ONNX runtime (opset 18). Sizes that vary have
names: B examples, S steps of a source, C characters and K values of a symbol, F features of an example, N rows of a step, M states of the step before, T steps of
greedy search. The parameters are in
\`model.safetensors\`, which stays beside them; \`model.json\` has the symbols by id and everything else.

${Object.entries(functions)
  .map(([name, each]) => functionText(name, each))
  .join('\n')}`
}

function functionText(name: string, { inputs, outputs }: Functions[string]): string {
  return `## ${name}.onnx
${explained[name] ?? ''}
${portTable(inputs, outputs)}
`
}

const explained: Readonly<Record<string, string>> = {
  encode:
    'Run once for a batch of sources: `mask` is 1 on real steps and 0 on padding, which comes last. Features, where there are some, have ids and a mask of their own, and so have the characters and the factors of each symbol.',
  step: `Run once for each output symbol. Row i goes on from row \`parents[i]\` of the states with the symbol \`previous[i]\` (at first 1,
begin), and sees the memory of example \`examples[i]\`; \`next.state.*\` are the next step's \`state.*\`. Symbol 2 ends an output.`,
  tag: `Run once for a batch of sources. Where it gives \`emissions\` (the head crf), these are log potentials of a chain of labels:
the best labels have the highest sum of \`start\` of the first, \`emissions\` of each, \`transitions\` [from, to] of neighbours and
\`end\` of the last, found by Viterbi over the real steps. Where \`allowed.*\` is 0, a prediction has no such label there.`,
  [greedySteps]: `As many of the same steps as \`steps\` is long (its numbers do not matter), each with the most probable symbol of the one before:
greedy search in few runs. Rows go on beyond their end.`,
}

type Ports = Functions[string]['inputs']

function portTable(inputs: Ports, outputs: Ports): string {
  const row =
    (kind: string) =>
    ({ name, dtype, shape }: Ports[number]) =>
      `| ${kind} | \`${name}\` | ${dtype} | [${shape.join(', ')}] |`
  return ['| | name | type | shape |', '|---|---|---|---|', ...inputs.map(row('in')), ...outputs.map(row('out'))].join(
    '\n',
  )
}
