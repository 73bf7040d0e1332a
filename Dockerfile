# A node, or any other command, in a container:
#
#   docker build -t actortrain .
#   docker run --rm actortrain version
#   docker compose up                      (a cluster of four; see docker-compose.yml)

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
ENV NUGET_PACKAGES=/packages
RUN --mount=type=cache,target=/packages \
    dotnet publish src/ActorTrain.Cli -c Release -r linux-x64 --no-self-contained -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0

# Torch's libraries bring their own OpenMP and need these two; the picture of the loss needs a font.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgcc-s1 libstdc++6 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*

COPY --from=build /app /app
ENV PATH="/app:$PATH"

# The same layout as in the repository, so that the paths in hocon/ fit. The user that it runs as may write runs only.
WORKDIR /actortrain
COPY hocon hocon
RUN mkdir -p examples/data runs && chown "$APP_UID" runs
VOLUME ["/actortrain/examples/data", "/actortrain/runs"]
USER $APP_UID

# Loads torch, so that an image that lacks something is not built.
RUN actortrain version

# The control plane and, where they are given these ports, the data plane and the dashboard.
EXPOSE 4053 4054 4080

# For the command `node`, by the variables that give it host and port. Other commands take --no-healthcheck.
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s \
    CMD actortrain health "${ACTORTRAIN_NODE_HOST:-127.0.0.1}:${ACTORTRAIN_NODE_PORT:-4053}"

ENTRYPOINT ["actortrain"]
