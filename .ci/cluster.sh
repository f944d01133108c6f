# Sourced by .ci/run: a Kubernetes node of this machine for npm run test:kubernetes, where one can be had.
# `start_cluster` fills `on_cluster` with the words to put before a command, or says in words why it cannot.

# shellcheck source=.ci/stand-ins.sh
. .ci/stand-ins.sh

cluster_script=../shared/kubernetes/cluster
cluster_is_ours=no
on_cluster=()
build_images=(node:24-bookworm-slim ghcr.io/openfaas/of-watchdog:0.11.6)
redis_image=$(sed -n 's/^ *image: \(docker.io\/library\/redis:.*\)/\1/p' deploy/redis.yaml)
registry=127.0.0.1:5000
cache=${XDG_CACHE_HOME:-$HOME/.cache}
base_images=${BASE_IMAGES:-$cache/clip-functions-images}

leave_out() { echo "Left out, the tests on a cluster: $*"; }

# Debian's client of 2022 builds without a plugin; a newer one elsewhere may want one.
engine() { "$cluster_script" exec docker "$@"; }

start_cluster() {
  [ -x "$cluster_script" ] || { leave_out "no KUBECONFIG, and no $cluster_script to start a node with."; return; }
  local program
  for program in faas-cli faas-netes gateway; do
    command -v "$program" >/dev/null || { leave_out "$program is not on the PATH."; return; }
  done
  [ "$(id -u)" -eq 0 ] || { leave_out "$cluster_script wants root."; return; }
  # The first start builds Kubernetes for minutes: only where images can be pulled, or are there already.
  if [ -z "${BASE_IMAGES:-}" ] && ! node_is_built && ! can_pull; then
    leave_out "${build_images[*]} cannot be pulled here, BASE_IMAGES names no folder with archives of them (docker save)," \
      "and this machine has no node yet, which takes minutes to build: '$cluster_script up' and 'down' once."
    return
  fi
  timeout 1500 "$cluster_script" up || { leave_out "$cluster_script up failed."; return; }
  cluster_is_ours=yes
  # faas-netes would cut every answer off after ten seconds by itself; its helm chart says otherwise too.
  env read_timeout=65s write_timeout=65s "$cluster_script" openfaas || { leave_out "OpenFaaS did not start on the node."; return; }
  have_images || return
  on_cluster=("$cluster_script" exec env IMAGE_PREFIX="$registry/clip-functions" REDIS_IMAGE="$registry/redis:test")
}

node_is_built() { compgen -G "$cache/test-cluster-*/kube" >/dev/null; }

can_pull() { curl -sS -m 10 -o /dev/null https://registry-1.docker.io/v2/ 2>/dev/null; }

# What builds start from, and Redis where the node finds it.
have_images() {
  local archive image
  for archive in "$base_images"/*.tar; do
    [ ! -f "$archive" ] || engine load --quiet --input "$archive"
  done
  for image in "${build_images[@]}" "$redis_image"; do
    engine image inspect "$image" >/dev/null 2>&1 || engine pull --quiet "$image" 2>/dev/null || make_image "$image" || {
      leave_out "$image is neither in $base_images nor can it be pulled, nor a stand-in for it be made."
      return 1
    }
  done
  engine tag "$redis_image" "$registry/redis:test"
  engine push --quiet "$registry/redis:test"
}

# A stand-in, kept for the next time.
make_image() {
  echo "Making a stand-in for $1, which cannot be pulled here."
  stand_in "$1" || return
  mkdir -p "$base_images"
  engine save --output "$base_images/${1//[:\/]/_}.tar" "$1"
}

end_cluster() {
  [ "$cluster_is_ours" = no ] || "$cluster_script" down
  cluster_is_ours=no
}
