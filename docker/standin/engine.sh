#!/usr/bin/env bash
# Install and start a Docker engine, `docker compose` and `docker buildx`.
# For clean Debian machines without an init system, such as in CI. Needs root. Does nothing if all three work.
set -euo pipefail

LOG=/var/log/dockerd.log
PLUGINS=/usr/local/lib/docker/cli-plugins

say() { echo "engine: $*"; }
give_up() { echo "engine: $*" >&2; exit 1; }

engine_answers() { docker info >/dev/null 2>&1; }
plugins_answer() { docker compose version >/dev/null 2>&1 && docker buildx version >/dev/null 2>&1; }

need_debian() {
    [ "$(id -u)" = 0 ] || give_up "$1, and fixing that needs root: start Docker, or run this as root"
    command -v apt-get >/dev/null || give_up "$1, and this script only supports Debian: install Docker (docs.docker.com/engine/install)"
}

install_packages() {
    say "installing $*"
    apt-get update -qq || give_up "apt-get update failed: fix the machine's package sources"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null \
        || give_up "apt-get install $* failed"
}

start_engine() {
    say "starting dockerd, which writes to $LOG"
    setsid nohup dockerd >"$LOG" 2>&1 </dev/null &
    for _ in $(seq 60); do
        engine_answers && return
        kill -0 $! 2>/dev/null || give_up "dockerd ended: $(grep -v level=info "$LOG" | tail -n 1)"
        sleep 0.5
    done
    give_up "dockerd does not respond after 30 s: see $LOG"
}

# Debian 12 has neither plugin. Debian 13's are single programs that only need libc, so they are extracted from their packages.
# apt uses a separate folder for the other release's package lists and verifies their signatures.
install_plugins() {
    say "installing the compose and buildx plugins of Debian 13"
    local scratch
    scratch=$(mktemp -d)
    mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial" "$scratch/parts" "$scratch/debs"
    : >"$scratch/status"
    # The machine's mirror also has the other release.
    local mirror
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 'debian/\?$' || true)
    [ -n "$mirror" ] || give_up "the apt sources have no Debian mirror to download the plugins from: add one"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$scratch/sources.list"
    local apt=(apt-get -qq -o Dir::Etc::sourcelist="$scratch/sources.list" -o Dir::Etc::sourceparts="$scratch/parts"
        -o Dir::Etc::preferencesparts="$scratch/parts" -o Dir::State="$scratch" -o Dir::State::lists="$scratch/lists"
        -o Dir::State::status="$scratch/status" -o Dir::Cache="$scratch/cache" -o APT::Sandbox::User=root)
    "${apt[@]}" update || give_up "cannot download the package lists of Debian 13 from $mirror: check the network"
    (cd "$scratch/debs" && "${apt[@]}" download docker-compose docker-buildx) || give_up "cannot download the plugins from $mirror: check the network"
    for deb in "$scratch"/debs/*.deb; do dpkg -x "$deb" "$scratch/files"; done
    install -D -m 755 -t "$PLUGINS" "$scratch"/files/usr/libexec/docker/cli-plugins/*
    rm -rf "$scratch"
    plugins_answer || give_up "the plugins in $PLUGINS do not run: $(docker compose version 2>&1 | tail -n 1)"
}

if ! engine_answers; then
    need_debian "Docker does not respond here ($(docker info 2>&1 >/dev/null | tail -n 1))"
    command -v dockerd >/dev/null || install_packages docker.io iptables
    start_engine
fi
if ! plugins_answer; then
    need_debian "docker compose or docker buildx is missing"
    install_plugins
fi
say "Docker $(docker info --format '{{.ServerVersion}}'), compose $(docker compose version --short), $(docker buildx version | awk '{print "buildx " $2}')"
