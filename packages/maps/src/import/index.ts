// Files of maps that other programs make.
export { isStretched, type MapWalls, readWalls, wallsOnPicture, writeWalls } from './map-walls.ts'
export { MapFileError, readUniversalVtt } from './universal-vtt.ts'
