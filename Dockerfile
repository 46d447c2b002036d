# Two stages: one makes the environment, the other runs `shopper`. /data holds what is the shop's: exports, mapping,
# configuration, warehouse, published files. Nothing is written outside /data and /tmp.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
# The pinned versions, without what only lint and tests need.
COPY requirements.txt requirements/base.in /tmp/requirements/
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --requirement /tmp/requirements/base.in --constraint /tmp/requirements/requirements.txt \
    && grep '^setuptools==' /tmp/requirements/requirements.txt | xargs /venv/bin/pip install --no-cache-dir
COPY . /app
# Editable, because the command works on the project that it was installed from.
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && /venv/bin/python -m compileall -q scripts

FROM python:3.11-slim-bookworm
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH \
    HOME=/tmp \
    SHOPPER_PROJECT=/app \
    DBT_SEND_ANONYMOUS_USAGE_STATS=false
RUN useradd --uid 10001 --no-create-home shopper && mkdir /data && chown shopper /data
USER shopper
WORKDIR /data
VOLUME /data
ENTRYPOINT ["shopper"]
CMD ["run", "my_shop/shop.yml"]
