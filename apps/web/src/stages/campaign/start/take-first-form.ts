/** `isSent`: the person pressed the button of the form that came with the page. */
type FirstForm = { name: string; isSent: boolean }

/** Removes the form that came with the page (`first-form.ts`), and moves the typed name and the focus to `input`. Null without such a form. */
export function takeFirstForm(input: HTMLInputElement | null): FirstForm | null {
  const first = document.querySelector('#first')
  const form = first?.querySelector('form')
  const typed = first?.querySelector('input')
  if (!first || !form || !typed) return null
  const { value, selectionStart, selectionEnd } = typed
  const hadFocus = document.activeElement === typed
  first.remove()
  if (input && value !== '') input.value = value
  if (input && hadFocus) {
    input.focus()
    input.setSelectionRange(selectionStart, selectionEnd)
  }
  return { name: value, isSent: form.dataset['sent'] !== undefined }
}
