# One image for every process of Crossfoot; the command says which part it serves.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY web-components/package.json web-components/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build --workspace web-components && npm prune --omit=dev --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 CROSSFOOT_DATA=/data
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=build /app /app
USER node
VOLUME /data
EXPOSE 4000
CMD ["node", "main.ts", "gateway"]
