export { HandoutPicture } from './HandoutPicture.tsx'
export { PortraitPicture } from './PortraitPicture.tsx'
export { ScenePicture } from './ScenePicture.tsx'
