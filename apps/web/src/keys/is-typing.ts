const TAKES_KEYS =
  'input:not([type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu]'

/** True where a key writes text, sets a field, or chooses in an open menu or dialog. */
export const isTyping = ({ target, isComposing }: Pick<KeyboardEvent, 'target' | 'isComposing'>): boolean =>
  isComposing || (target instanceof Element && target.closest(TAKES_KEYS) !== null)
