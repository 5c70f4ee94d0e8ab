#!/usr/bin/env bash
# Build the stand-ins for the official images and glue-local's image from Debian, PyPI, npm and Maven Central, without an image registry.
# Usage: docker/standin/build.sh [localstack|glue|trino|glue-local]...   (default: all)
set -euo pipefail
cd "$(dirname "$0")/../.."

# Debian 12 has Python 3.11, like the Glue image; Debian 13 has Python 3.13, like LocalStack's. Increase the number with every change of build_base.
BASES=glue-local-stand-in-base
EDITION=1
LOCALSTACK=${LOCALSTACK_IMAGE:-localstack/localstack:4.14.0}
GLUE=${GLUE_IMAGE:-public.ecr.aws/glue/aws-glue-libs:5}
TRINO=trinodb/trino:476
LABEL=glue-local.stand-in=true

say() { echo "images: $*"; }
give_up() { echo "images: $*" >&2; exit 1; }

docker info >/dev/null 2>&1 || give_up "Docker does not respond: start it (to install it on Debian, run docker/standin/engine.sh)"
docker buildx version >/dev/null 2>&1 || give_up "docker buildx is missing: install Docker's buildx plugin (Debian: docker/standin/engine.sh)"

secrets=$(mktemp -d)
trap 'rm -rf "$secrets"' EXIT

# Each build step gets this machine's package registry settings as a secret, which keeps them out of the images.
write_secrets() {
    cat "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" >"$secrets/ca" 2>/dev/null || : >"$secrets/ca"
    apt-config dump 2>/dev/null | grep -E '^Acquire::(https?|Check|Retries|Force)' >"$secrets/apt" || true
    {
        for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY npm_config_registry; do
            [ -z "${!name:-}" ] || printf 'export %s=%q\n' "$name" "${!name}"
        done
        local index
        index=${PIP_INDEX_URL:-$(python3 -m pip config get global.index-url 2>/dev/null || true)}
        [ -z "$index" ] || printf 'export PIP_INDEX_URL=%q UV_DEFAULT_INDEX=%q\n' "$index" "$index"
        printf 'export SSL_CERT_FILE=%s PIP_CERT=%s NODE_EXTRA_CA_CERTS=%s\n' /run/secrets/ca /run/secrets/ca /run/secrets/ca
    } >"$secrets/network"
}

exists() { docker image inspect "$1" >/dev/null 2>&1; }

is_stand_in() { [ "$(docker image inspect --format '{{index .Config.Labels "glue-local.stand-in"}}' "$1")" = true ]; }

size() { docker image inspect --format '{{.Size}}' "$1" | awk '{printf "%.0f MB", $1 / 1e6}'; }

build() { # name, Dockerfile, Debian release, more options of docker build
    local image=$1 file=$2 release=$3 started=$SECONDS
    if exists "$image" && [ "$file" != docker/Dockerfile ] && ! is_stand_in "$image"; then
        say "$image is the official image: not replaced"
        return
    fi
    say "building $image from $file"
    DOCKER_BUILDKIT=1 docker build --progress plain --network host --file "$file" --tag "$image" --build-arg "BASE=$(base "$release")" \
        --secret "id=ca,src=$secrets/ca" --secret "id=apt,src=$secrets/apt" --secret "id=network,src=$secrets/network" "${@:4}" . \
        >"$secrets/log" 2>&1 || { tail -n 40 "$secrets/log" >&2; give_up "$image could not be built"; }
    say "$image: $(size "$image"), $((SECONDS - started)) s"
}

# Trino's image is made from the engine that `glue-local doctor --fix --athena`, or a query, has fetched; else the build fetches it.
build_trino() {
    local folder fetched=
    folder=$(fetched_engine)
    if [ -n "$folder" ]; then
        fetched=$BASES:trino
        tar -C "$folder" --exclude '*.aot' --numeric-owner -c . | docker import - "$fetched" >/dev/null
    fi
    build "$TRINO" docker/standin/trino/Dockerfile bookworm ${fetched:+--build-arg "FETCHED=$fetched"}
    [ -z "$fetched" ] || docker image rm "$fetched" >/dev/null
}

fetched_engine() {
    python3 -c 'import sys; from pathlib import Path; from glue_local.prerequisites import trino; print(trino.check(Path(sys.argv[1])))' \
        "${XDG_CACHE_HOME:-$HOME/.cache}/glue-local" 2>/dev/null || true
}

base() { echo "$BASES:$1-$EDITION"; }

build_base() { # Debian release
    local release=$1 image started=$SECONDS log=$secrets/log-$1 scratch
    image=$(base "$release")
    if exists "$image"; then
        say "$image: $(size "$image"), already built"
        return
    fi
    [ "$(id -u)" = 0 ] || give_up "debootstrap, which makes the base images, needs root: run sudo make images-offline"
    say "building $image with debootstrap"
    scratch=$(folder_for_debian "$release")
    debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv "$release" "$scratch" ${DEBIAN_MIRROR:-} >"$log" 2>&1 \
        || { tail -n 5 "$log" >&2; give_up "debootstrap $release failed"; }
    cp docker/standin/base.dpkg.cfg "$scratch/etc/dpkg/dpkg.cfg.d/smaller"
    echo "Debian $release by debootstrap, in place of a Python image from Docker Hub" >"$scratch/etc/glue-local-stand-in"
    (cd "$scratch" && rm -rf var/cache/apt/* var/lib/apt/lists/* var/log/* usr/share/{man,doc,locale,info}/* tmp/* && mkdir -p usr/share/man/man1)
    tar -C "$scratch" --numeric-owner -c . \
        | docker import --change "LABEL $LABEL" --change 'ENV LANG=C.UTF-8' --change 'CMD ["python3"]' - "$image" >/dev/null
    rm -rf "$scratch"
    say "$image: $(size "$image"), $((SECONDS - started)) s"
}

# dpkg syncs to disk after each file, so build in memory if the memory file system allows programs and devices.
folder_for_debian() {
    local folder=$secrets/$1
    if findmnt -no OPTIONS --target /dev/shm | grep -qE 'noexec|nodev'; then
        mkdir "$folder"
    else
        folder=$(mktemp -d -p /dev/shm)
    fi
    echo "$folder"
}

build_bases() {
    local release
    for release in "$@"; do exists "$(base "$release")" && continue; install_debootstrap; break; done
    local builds=()
    for release in "$@"; do build_base "$release" & builds+=($!); done
    for each in "${builds[@]}"; do wait "$each"; done
}

install_debootstrap() {
    command -v debootstrap >/dev/null && return
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends debootstrap >/dev/null; } 2>&1 \
        || give_up "debootstrap is missing and could not be installed"
}

started=$SECONDS
write_secrets
[ $# -gt 0 ] || set -- localstack glue trino glue-local
declare -A releases=([localstack]=trixie [glue]=bookworm [trino]=bookworm [glue-local]=bookworm)
for image in "$@"; do
    [ -n "${releases[$image]:-}" ] || give_up "unknown image $image: use localstack, glue, trino or glue-local"
done
build_bases $(for image in "$@"; do echo "${releases[$image]}"; done | sort -u)
for image in "$@"; do
    case $image in
        localstack) build "$LOCALSTACK" docker/standin/localstack/Dockerfile trixie ;;
        glue) build "$GLUE" docker/standin/glue/Dockerfile bookworm ;;
        trino) build_trino ;;
        glue-local) build "glue-local:$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)" docker/Dockerfile bookworm ;;
    esac
done
say "done in $((SECONDS - started)) s"
