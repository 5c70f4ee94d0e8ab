#!/bin/bash
# Does the same as the official image's entrypoint: exports LOCALSTACK_X also as X, runs the scripts in boot.d, starts a supervisor.
set -eo pipefail

while IFS='=' read -r name _; do
    export "${name#LOCALSTACK_}=${!name}"
done < <(env | grep -E '^LOCALSTACK_[A-Z_]+=' | grep -vE '^LOCALSTACK_(HOST|HOSTNAME|BUILD_[A-Z_]+)=')

mkdir -p /var/lib/localstack/{cache,lib,logs,state,tmp}
cd /opt/code/localstack
source .venv/bin/activate
python -m localstack.runtime.init BOOT
exec localstack-supervisor
