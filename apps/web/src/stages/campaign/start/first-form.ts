// The form that comes with a join page (`first-form.html`), before the code of the page has loaded. Loads alone, so it stays small.
import { storage } from '../../../storage.ts'
import { applyTheme } from '../../../ui/theme.ts'

applyTheme()

const first = document.querySelector<HTMLElement>('#first')
const form = first?.querySelector('form')
const button = first?.querySelector('button')
// A person whom this browser knows joins without a form.
const isKnown = ['tablecast.session', 'tablecast.account'].some((key) => storage.read(key) !== null)
if (first && isKnown) first.hidden = true
if (form && button) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    // The page joins with this name as soon as it can: see `take-first-form.ts`.
    form.dataset['sent'] = ''
    button.disabled = true
    button.textContent = 'Taking a seat…'
  })
  button.disabled = false
}
