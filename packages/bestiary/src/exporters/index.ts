// Stat blocks for other programs.
export { asImprovedInitiative } from './improved-initiative.ts'
export { asVault } from './markdown-vault.ts'
