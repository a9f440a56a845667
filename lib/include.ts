import path from 'node:path';

/**
 * The absolute path of the folder that holds `slipring/source.h`, for the compiler of a plugin or of an addon:
 * `cc -shared -fPIC -I "$(node -p "require('slipring').include")" …`, or in a binding.gyp
 * `"include_dirs": ["<!(node -p \\"require('slipring').include\\")"]`.
 */
export const include: string = path.join(__dirname, '..', 'addon', 'include');
