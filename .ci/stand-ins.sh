# Sourced by .ci/cluster.sh: images under the names of those that cannot be pulled, made of Debian's packages, npm's Node and the
# of-watchdog of the PATH. `stand_in NAME` makes one in the engine, or says in words why it cannot.

stand_in() {
  case $1 in
    node:*) make_node "$1" ;;
    */of-watchdog:*) make_watchdog "$1" ;;
    */redis:*) make_redis "$1" ;;
    *) return 1 ;;
  esac
}

# node:24-bookworm-slim: Debian bookworm, with the Node of that number.
make_node() {
  local name=$1 number package root
  command -v debootstrap >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap >/dev/null || return
  number=${name#node:} number=${number%%-*}
  package=node-linux-$(node -p process.arch)
  root=$(mktemp -d)
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >/dev/null &&
    npm install --silent --prefix "$root/usr/local" --no-save --ignore-scripts "$package@$number" npm@11 &&
    ln -s "../node_modules/$package/bin/node" "$root/usr/local/bin/node" &&
    ln -s ../node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm" &&
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/" &&
    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale} &&
    tar -C "$root" -c . | engine import -c 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - "$name" >/dev/null
  local status=$?
  rm -rf "$root"
  return $status
}

make_watchdog() {
  local program
  program=$(command -v of-watchdog) || return
  tar -C "${program%/*}" --transform 's/of-watchdog/fwatchdog/' -c of-watchdog | engine import - "$1" >/dev/null
}

make_redis() {
  printf 'FROM %s\nRUN apt-get update -qq && apt-get install -y -qq --no-install-recommends redis-server\nCMD ["redis-server"]\n' "${build_images[0]}" |
    engine build --quiet --network=host -t "$1" - >/dev/null
}
