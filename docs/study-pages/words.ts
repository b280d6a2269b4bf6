// What the pages say in both languages: verdicts, heads of tables, names of metrics and curves.

import type { Unit } from '../../src/report/format/values.js'

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

interface Words {
  /** For the page's `lang`. */
  readonly tag: string
  readonly other: { readonly language: Language; readonly name: string }
  readonly themes: { readonly light: string; readonly dark: string }
  readonly verdicts: Readonly<Record<'supported' | 'contradicted' | 'undecided', string>>
  readonly head: {
    readonly variant: string
    readonly seeds: string
    readonly parameters: string
    readonly perStep: string
  }
  readonly test: (metric: string) => string
  readonly interval: string
  readonly values: string
  readonly tryIt: string
  readonly tryAbout: (models: number) => string
  readonly noModel: (reason: string) => string
  readonly needsScript: string
  readonly howMade: string
  readonly made: Readonly<Record<'command' | 'minutes' | 'date' | 'machine' | 'versions' | 'record', string>>
  readonly minutes: (minutes: string, trials: number) => string
  readonly changed: string
  readonly notRun: string
  readonly index: { readonly title: string; readonly intro: string; readonly page: string; readonly others: string }
  readonly step: string
  readonly sourceLength: string
  readonly statistics: Readonly<Record<string, string>>
  readonly stepAt: (step: string) => string
  readonly to: string
  readonly none: string
  readonly noInterval: string
  readonly wrong: {
    readonly categories: (k: number) => string
    readonly axis: string
    readonly difference: string
    readonly named: string
    readonly supported: string
    readonly head: readonly string[]
  }
  readonly footer: string
}

const en: Words = {
  tag: 'en',
  other: { language: 'zh', name: '中文' },
  themes: { light: 'Light theme', dark: 'Dark theme' },
  verdicts: { supported: 'supported', contradicted: 'contradicted', undecided: 'undecided' },
  head: { variant: 'variant', seeds: 'seeds', parameters: 'parameters', perStep: 'ms per step' },
  test: (metric) => `test ${metric}`,
  interval: 'Means over seeds; in brackets 95 % intervals over new seeds and new test examples.',
  values: 'All values',
  tryIt: 'Try it',
  tryAbout: (models) =>
    `${models > 1 ? 'The same input under these variants' : 'One of the trained models'}, in this page: nothing leaves it. Weights are rounded to float16.`,
  noModel: (reason) => `No model is in this page: ${reason}.`,
  needsScript: 'This needs JavaScript.',
  howMade: 'How it was made',
  made: {
    command: 'command',
    minutes: 'training',
    date: 'date',
    machine: 'machine',
    versions: 'versions',
    record: 'record',
  },
  minutes: (minutes, trials) => `${minutes} for ${trials} trials, summed over the trials`,
  changed: "The study's file has been changed since this record was made.",
  notRun: 'Not run yet.',
  index: {
    title: 'Studies',
    intro:
      'What the literature claims about recurrent models, tried. Every study states its claims before it trains, with seeds and intervals; every number on its page comes from a stored record. Each page opens from disk and holds models to try. Written by `npm run docs` from `experiments/records`: do not edit.',
    page: 'To be opened from disk, in the repository',
    others: 'All studies',
  },
  step: 'training step',
  sourceLength: 'source length (tokens)',
  statistics: { mean: 'mean', last: 'last', best: 'best' },
  stepAt: (step) => `at step ${step}`,
  to: ' to ',
  none: 'none',
  noInterval: '(no interval)',
  wrong: {
    categories: (k) => (k === 1 ? '1 seed' : `${k} seeds`),
    axis: 'share of comparisons',
    difference: 'how much better the better model is',
    named: 'the other model has the better mean',
    supported: 'the test calls the other model better',
    head: [
      'seeds',
      'comparisons',
      'other order of means',
      'test: right model better',
      'test: other model better',
      'test: undecided',
    ],
  },
  footer: 'Written by npm run docs from a sealed record; no number was typed by hand.',
}

const zh: Words = {
  tag: 'zh-Hans',
  other: { language: 'en', name: 'English' },
  themes: { light: '浅色', dark: '深色' },
  verdicts: { supported: '得到支持', contradicted: '被否定', undecided: '无法判定' },
  head: { variant: '变体', seeds: '种子数', parameters: '参数量', perStep: '每步毫秒' },
  test: (metric) => `测试集${metric}`,
  interval: '各种子的平均值；括号内是对新种子和新测试样本的 95 % 区间。',
  values: '全部数值',
  tryIt: '动手试试',
  tryAbout: (models) =>
    `${models > 1 ? '同一个输入，交给下面几个变体' : '下面是其中一个训练好的模型'}，全部在本页内计算，不发出任何请求；权重舍入为 float16。试验区自身的按钮和标签是英文的。`,
  noModel: () => '本页没有附带模型：单个模型就超过了页面允许的大小。',
  needsScript: '这里需要 JavaScript。',
  howMade: '这些数字怎么来的',
  made: { command: '命令', minutes: '训练时间', date: '日期', machine: '机器', versions: '版本', record: '记录' },
  minutes: (minutes, trials) => `${minutes}（共 ${trials} 次训练，时间相加）`,
  changed: '这份记录生成之后，研究文件又改动过。',
  notRun: '尚未运行。',
  index: {
    title: '研究',
    intro:
      '文献里关于循环模型的说法，在这里逐一验证。每项研究都在训练之前写下论断，用多个随机种子并给出区间；页面上的每个数字都来自保存下来的记录。页面可以直接从磁盘打开，里面附有可以试用的模型。本页由 `npm run docs` 根据 `experiments/records` 生成，请勿手工修改。',
    page: '在仓库中，可直接从磁盘打开',
    others: '全部研究',
  },
  step: '训练步',
  sourceLength: '源序列长度（词元）',
  statistics: { mean: '平均', last: '最后的', best: '最好的' },
  stepAt: (step) => `第 ${step} 步的`,
  to: ' 到 ',
  none: '无',
  noInterval: '（无区间）',
  wrong: {
    categories: (k) => `${k} 个种子`,
    axis: '占全部比较的比例',
    difference: '更好的模型好多少',
    named: '均值反而是另一个模型更好',
    supported: '检验判定另一个模型更好',
    head: ['种子数', '比较次数', '均值次序相反', '检验：判对', '检验：判错', '检验：无法判定'],
  },
  footer: '由 npm run docs 根据封存的记录生成，没有一个数字是手工填写的。',
}

export const words: Readonly<Record<Language, Words>> = { en, zh }

const chineseMeasures: Readonly<Record<string, string>> = {
  accuracy: '准确率',
  'token-accuracy': '词元准确率',
  'macro-f1': '宏平均 F1',
  'slot-f1': '槽位 F1',
  'cross-entropy': '交叉熵',
  perplexity: '困惑度',
  per: '音素错误率（PER）',
  wer: '词错误率（WER）',
  ser: '符号错误率（SER）',
  aer: '对齐错误率（AER）',
  'exact-match': '完全匹配率',
  'alignment-mass': '对齐上的注意力权重',
  'validation-loss': '验证损失',
  'training-loss': '训练损失',
  'copies-distance': '副本之间的距离',
}

const englishMeasures: Readonly<Record<string, string>> = {
  'validation-loss': 'validation loss',
  'training-loss': 'training loss',
  'copies-distance': 'distance between untied copies',
}

/** The name of a metric or a curve; where the language has none of its own, the one of the reports. */
export function measureName(name: string, title: string, language: Language): string {
  const own = language === 'zh' ? chineseMeasures : englishMeasures
  return own[name] ?? title
}

/** A difference as the reports write it (`1.2 points`), with its unit in the page's language. */
export function differenceIn(text: string, unit: Unit, language: Language): string {
  return language === 'en' ? text : text.replace(' points', unit === 'percent' ? ' 个百分点' : ' 分')
}
