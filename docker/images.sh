#!/usr/bin/env bash
# Get the stack's images: pull the official ones, build glue-local's from this checkout.
# Usage: docker/images.sh [--or-stand-ins]   build a stand-in for an image that cannot be pulled (docker/standin/build.sh)
set -euo pipefail
cd "$(dirname "$0")/.."

OFFICIAL=("localstack/localstack:4.14.0" "${GLUE_IMAGE:-public.ecr.aws/glue/aws-glue-libs:5}" "trinodb/trino:476")
OURS=glue-local:$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
BASE=python:3.11-slim-bookworm

say() { echo "images: $*"; }
give_up() { echo "images: $*" >&2; exit 1; }

exists() { docker image inspect "$1" >/dev/null 2>&1; }
pull() { say "pulling $1"; docker pull --quiet "$1" >/dev/null 2>&1; }

docker info >/dev/null 2>&1 || give_up "Docker does not respond: start it (to install it on Debian, run docker/standin/engine.sh)"
for image in "${OFFICIAL[@]}" "$BASE"; do
    exists "$image" || pull "$image" && continue
    [ "${1:-}" = --or-stand-ins ] || give_up "$image cannot be pulled: check the connection to its registry, or run make images-offline"
    say "$image cannot be pulled: building stand-ins (docs/development/images.md)"
    exec docker/standin/build.sh
done
say "building $OURS from docker/Dockerfile"
DOCKER_BUILDKIT=1 docker build --quiet --file docker/Dockerfile --tag "$OURS" .
