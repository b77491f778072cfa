// The code that draws pictures. It is a chunk of its own, which a page loads when its table has a picture.
const load = () => import('./picture-parts.ts')

export const loadPortrait = () => load().then(({ PortraitPicture }) => PortraitPicture)
export const loadScene = () => load().then(({ ScenePicture }) => ScenePicture)
export const loadHandoutPicture = () => load().then(({ HandoutPicture }) => HandoutPicture)
export const loadPortraitDialog = () => import('./own/PortraitDialog.tsx').then(({ PortraitDialog }) => PortraitDialog)
export const loadViewer = () => import('./viewer/Viewer.tsx').then(({ Viewer }) => Viewer)
