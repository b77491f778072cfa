import '@fontsource-variable/inter'
import '@fontsource-variable/literata'
