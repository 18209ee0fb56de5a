# The two commands for newcomers are `make demo` and `make test`; both install what is missing.

PREFIX ?= /usr/local
SCRATCH_RELEASE := .build-release
RELEASE := $(SCRATCH_RELEASE)/release/assetctl
VENV := .build-python

.PHONY: demo test install release setup lint fuzz bench clean

demo: release
	$(RELEASE) materialize
	$(RELEASE) status

# What keeps every core busy runs by itself, since tests of programs and signals have to be in time. The
# proofs of the analysis take the same random cases each time; `make fuzz` looks for new ones.
SEED ?= 20261121
LONG := EndToEndTests\.(Random|Kill|Polled|Volume|MergingModel|MergedVersion|VersionKill)
test: setup $(VENV)/installed $(VENV)/tpc.json lint
	swift build --build-tests --explicit-target-dependency-import-check error
	scripts/run-tests --skip 'SoundnessTests|EndToEndTests'
	ASSETCTL_PYTHON=$(CURDIR)/$(VENV)/bin/python3 scripts/run-tests --filter EndToEndTests --skip '$(LONG)'
	ASSETCTL_PYTHON=$(CURDIR)/$(VENV)/bin/python3 scripts/run-tests --filter '$(LONG)'
	ASSETCTL_RANDOM_SEED=$(SEED) scripts/run-tests --filter SoundnessTests

# The Swift runtime is linked statically, so that the binary runs where there is no Swift.
release: setup
	swift build -c release --static-swift-stdlib --scratch-path $(SCRATCH_RELEASE) --product assetctl

install: release
	install -d $(DESTDIR)$(PREFIX)/bin
	install -s -m 755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/assetctl

setup:
	@scripts/setup

lint:
	swift format lint --strict --recursive --parallel Sources Tests Benchmarks Plugins Package.swift

# Python packages that tests use, in versions that are pinned.
$(VENV)/installed: Tests/requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r Tests/requirements.txt
	@touch $@

# The queries of TPC-H and TPC-DS, which tests read; they are not ours to keep here.
$(VENV)/tpc.json: scripts/tpc.py $(VENV)/installed
	$(VENV)/bin/python3 scripts/tpc.py $@

# The random tests for longer, from another start each time; ASSETCTL_RANDOM_SEED repeats one.
STEPS ?= 20000
fuzz: setup $(VENV)/installed $(VENV)/tpc.json
	swift build --build-tests
	ASSETCTL_RANDOM_STEPS=$(STEPS) swift test --skip-build --filter SoundnessTests

bench: release
	swift build -c release --static-swift-stdlib --scratch-path $(SCRATCH_RELEASE) --product ReadQueries
	$(SCRATCH_RELEASE)/release/ReadQueries
	scripts/bench $(RELEASE)

clean:
	rm -rf .build .build-release .build-python .assetctl build
