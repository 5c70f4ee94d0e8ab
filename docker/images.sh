#!/usr/bin/env bash
# See to it that the stack's images are there: the official ones pulled, ours built from this checkout.
# Usage: docker/images.sh [--or-stand-ins]   with it, what no image registry gives is built in its place (docker/standin/build.sh)
set -euo pipefail
cd "$(dirname "$0")/.."

OFFICIAL=("localstack/localstack:4.14.0" "${GLUE_IMAGE:-public.ecr.aws/glue/aws-glue-libs:5}")
OURS=glue-local:$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
BASE=python:3.11-slim-bookworm

say() { echo "images: $*"; }
give_up() { echo "images: $*" >&2; exit 1; }

had() { docker image inspect "$1" >/dev/null 2>&1; }
pulled() { say "pulling $1"; docker pull --quiet "$1" >/dev/null 2>&1; }

docker info >/dev/null 2>&1 || give_up "Docker does not answer: start it (a clean Debian machine: docker/standin/engine.sh)"
for image in "${OFFICIAL[@]}" "$BASE"; do
    had "$image" || pulled "$image" && continue
    [ "${1:-}" = --or-stand-ins ] || give_up "$image cannot be pulled: mend the way to its registry, or run make images-offline"
    say "$image cannot be pulled: building stand-ins (docs/images.md)"
    exec docker/standin/build.sh
done
say "$OURS from docker/Dockerfile"
DOCKER_BUILDKIT=1 docker build --quiet --file docker/Dockerfile --tag "$OURS" .
