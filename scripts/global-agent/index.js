// onnxruntime-node's install script downloads CUDA's libraries (some 300 MB, which are not used here) unless npm is told
// otherwise by a setting that npm itself warns of. This package is all that the script loads before it: the override in
// package.json puts this one in its place, which ends the script. The published package has no such script (scripts/vendor.ts).
exports.bootstrap = () => process.exit(0)
