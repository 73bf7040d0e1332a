#!/bin/sh
# Trains the King James GPT over three nodes, each a process of its own on this machine. Run it from anywhere; what follows
# the script's name goes to the tool: examples/KingJamesGpt/run.sh --set steps=50
set -eu
cd "$(dirname "$0")/../.."
exec dotnet run -c Release --project src/ActorTrain.Cli -- \
  cluster up --nodes 3 --job hocon/jobs/kjv-gpt.conf "$@"
