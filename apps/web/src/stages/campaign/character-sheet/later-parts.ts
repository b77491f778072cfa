// The code of sheets, which a page loads when a person opens one.
export const loadSheet = () => import('./SheetDialog.tsx').then(({ SheetDialog }) => SheetDialog)
export const loadBring = () => import('./bring/BringCharacter.tsx').then(({ BringCharacter }) => BringCharacter)
