export const USAGE = `Model bundles: what there is, fetching, checking.

  npm run models -- list                 bundles of the catalogue and on disk
  npm run models -- fetch <id>           fetch, verify and prepare a bundle; goes on where it stopped
  npm run models -- prepare <id>         compute the built-in heads for a bundle that is on disk
  npm run models -- verify <id>          compare every file with its SHA-256; see whether the heads are current
  npm run models -- remove <id>          delete a fetched bundle and what is left of a stopped fetch

  --from DIR       fetch: take the files from a directory instead of the network
  --mirror URL     fetch: another origin for the files (also: CLIP_MODEL_MIRROR)
  --no-prepare     fetch: leave the heads to be computed at start
  --catalog FILE   another catalogue than models/catalog.json
  --models DIR     another folder than models (also: models_dir)
  --help           this text

Behind a proxy set NODE_USE_ENV_PROXY=1 (Node 24), or fetch the files elsewhere and use --from.
Leaves with 0 when done, 1 when it failed, 2 when the command was not understood, 130 after Ctrl-C.`;
