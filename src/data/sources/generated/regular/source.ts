/** Where the four regular tasks are from. */
export const regularSource = {
  paper: 'Delétang et al. 2023, Neural Networks and the Chomsky Hierarchy, table 1',
  url: 'https://arxiv.org/abs/2207.02098',
} as const
