// Stat blocks for other programs.
export { asImprovedInitiative } from './improved-initiative.ts'
export { asVault, type VaultEncounter, type VaultNote } from './markdown-vault.ts'
