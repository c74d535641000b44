# GAS Chatroom. `make` lists what can be done here; `make run` is the way in.
#
# Variables, as in `make run PORT=9000`:
#   ADDRESS, PORT   where the server listens and the client looks     (127.0.0.1, 8080)
#   CLIENT_PORT     the client's own port; auto: the first free one of 5000-5010
#   ARGS            further arguments of run, client, bench, sim, soak and fuzz
#   OUT             where `make bench` writes                       (.build/bench)
#   SEED            the world that `make sim` plays                   (1)
#   ROUNDS          how often `make crash` kills the server             (1000)
#   TIME            seconds that `make soak` and `make fuzz` last     (60)
#   PREFIX, DESTDIR where `make install` puts things                  (/usr/local, nothing)
#   SWIFT, SCRATCH  the compiler, and the folder that it works in     (swift, .build)

ADDRESS     ?= 127.0.0.1
PORT        ?= 8080
CLIENT_PORT ?= auto
ARGS        ?=
OUT         ?= $(SCRATCH)/bench
SEED        ?= 1
TIME        ?= 60
ROUNDS      ?= 1000
PREFIX      ?= /usr/local
DESTDIR     ?=
SWIFT       ?= swift
SCRATCH     ?= .build

BIN := $(SCRATCH)/release

# The oldest Swift that builds this, and the system libraries as package:pkg-config-name.
SWIFT_NEEDED := 6.3
LIBRARIES    := libsodium-dev:libsodium libedit-dev:libedit libicu-dev:icu-uc libsqlite3-dev:sqlite3 libmicrohttpd-dev:libmicrohttpd
# Programs that a target needs beside them. Tests/Oracle, the second decoder of the wire format, is written in Python so
# that it shares nothing with the first; config/examples has a bot in Python and one in bash and jq, which a test runs;
# tmux is the terminal in which tests look at the programs as people do; systemd judges the files of the service. A
# program that its package is not named after is package:program.
PROGRAMS     :=
test: PROGRAMS := python3 jq tmux systemd:systemd-analyze
# Tests of firewalls and doctors make machines of their own, as network namespaces.
test: LIBRARIES += nftables:nftables iproute2:iproute2
screens: PROGRAMS := python3 tmux

SHELL         := /bin/bash
.SHELLFLAGS   := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Two builds in one folder would only wait for each other.
.NOTPARALLEL:

.PHONY: help setup build run client test check lint lint-format lint-shell tidy format bench work sim crash soak fuzz config \
    screens build-static install uninstall deb package-test reproducible clean

help: ## Lists these targets
	@echo 'make TARGET [VARIABLE=value ...]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo 'The variables are explained at the top of the Makefile.'

setup: ## Checks the Swift toolchain and installs by apt the system libraries that are missing
	@if ! command -v $(SWIFT) >/dev/null; then \
	    echo 'setup: no `$(SWIFT)` here: install Swift $(SWIFT_NEEDED) or newer from https://www.swift.org/install and put it on PATH' >&2; \
	    exit 1; \
	fi; \
	found=$$($(SWIFT) --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1); \
	if [ "$$(printf '%s\n' $(SWIFT_NEEDED) "$${found:-0}" | sort -V | head -n 1)" != $(SWIFT_NEEDED) ]; then \
	    echo "setup: Swift $${found:-of an unknown version} is too old: install $(SWIFT_NEEDED) or newer from https://www.swift.org/install and put it on PATH" >&2; \
	    exit 1; \
	fi
	@installed() { [ "$$(dpkg-query -W -f '$${db:Status-Status}' "$$1" 2>/dev/null)" = installed ]; }; \
	missing=(); \
	for program in pkg-config $(PROGRAMS); do command -v "$${program#*:}" >/dev/null || missing+=("$${program%:*}"); done; \
	for library in $(LIBRARIES); do \
	    pkg-config --exists "$${library#*:}" 2>/dev/null || installed "$${library%:*}" || missing+=("$${library%:*}"); \
	done; \
	if [ $${#missing[@]} -eq 0 ]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then \
	    echo "setup: these are missing and there is no apt-get: install what your system calls $${missing[*]}" >&2; exit 1; \
	fi; \
	root=(); \
	if [ "$$(id -u)" -ne 0 ]; then \
	    if ! command -v sudo >/dev/null; then \
	        echo "setup: as root, run: apt-get install $${missing[*]}" >&2; exit 1; \
	    fi; \
	    root=(sudo); \
	fi; \
	echo "setup: installing $${missing[*]}"; \
	apt=("$${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120); \
	"$${apt[@]}" update || echo 'setup: the package lists could not be renewed; trying those that are here' >&2; \
	"$${apt[@]}" install -y --no-install-recommends "$${missing[@]}" || { \
	    echo "setup: could not install $${missing[*]}: see the lines above, then run make again" >&2; exit 1; \
	}

build: setup ## Builds all programs, optimised
	$(SWIFT) build -c release --scratch-path $(SCRATCH)

run: build ## Builds and starts the server at ADDRESS and PORT
	$(BIN)/udp-server $(ADDRESS) -p $(PORT) $(ARGS)

client: build ## Builds and starts a client of that server; asks for a name and the password
	$(BIN)/udp-client $(ADDRESS) $(PORT) $(CLIENT_PORT) $(ARGS)

test: setup ## Builds and runs all tests
	$(SWIFT) test --disable-xctest --scratch-path $(SCRATCH)

# Swift's warnings are errors by Package.swift; this also stops at those of the C targets and of the package itself.
check: lint ## The lints, a build without warnings and all tests: what must hold before a commit
	$(MAKE) build 2>&1 | tee $(SCRATCH)/check.log
	@if grep 'warning:' $(SCRATCH)/check.log; then echo 'check: the build warns, see above' >&2; exit 1; fi
	$(MAKE) work
	$(MAKE) test

lint: lint-format lint-shell tidy ## The lints alone: format, shell syntax, tidiness

lint-format: setup
	$(SWIFT) format lint --strict --parallel --recursive Sources Tests Package.swift

lint-shell:
	for script in .ci/run config/package/build-deb config/package/test-deb config/examples/*.sh; do bash -n $$script; done
	for script in config/package/debian/postinst config/package/debian/prerm config/package/debian/postrm \
	    config/firewall/firewalld/limited.sh; do sh -n $$script; done

tidy: setup ## Runs the tests of import rules, sizes, banned calls and links
	$(SWIFT) test --disable-xctest --scratch-path $(SCRATCH) --filter '^TidyTests\.'

format: setup ## Formats all Swift files in place
	$(SWIFT) format --in-place --parallel --recursive Sources Tests Package.swift

bench: build ## Five minutes of measuring: a report and a picture in OUT; ARGS names one benchmark instead
	$(BIN)/udp-bench $(or $(ARGS),tour --out $(OUT))

work: setup ## Counts the work of a delivery in an optimised build: it must not grow
	$(SWIFT) build -c release --scratch-path $(SCRATCH) --product udp-bench
	$(BIN)/udp-bench work --messages 1000

sim: build ## Plays the simulated world of SEED; the same seed plays the same again
	$(BIN)/udp-sim --seed $(SEED) $(ARGS)

crash: build ## Kills the real server ROUNDS times under load, and clients: nothing acknowledged may be lost
	$(BIN)/udp-bench crash --rounds $(ROUNDS) $(ARGS)

soak: build ## Plays one simulated world after the other for TIME seconds
	$(BIN)/udp-sim --time $(TIME) $(ARGS)

fuzz: build ## Throws damaged input at every parser for TIME seconds
	$(BIN)/udp-fuzz --time $(TIME) $(ARGS)

config: build ## Writes config/*.json5 anew from the tables of options
	for program in client server; do $(BIN)/udp-$$program --generate config > config/$$program.json5; done

screens: build ## Plays a session in tmux and writes its screens into README.md
	python3 Tests/Screens/screens.py $(BIN) README.md

# Where `make install` puts things, and `make uninstall` takes them away from.
SHARE     := $(DESTDIR)$(PREFIX)/share
ZSH       ?= $(SHARE)/zsh/site-functions
UNITS     := $(DESTDIR)$(PREFIX)/lib/systemd/system
DOC       := $(SHARE)/doc/gaschat
INSTALLED := $(foreach program,udp-client udp-server,$(DESTDIR)$(PREFIX)/bin/$(program) \
    $(SHARE)/bash-completion/completions/$(program) $(ZSH)/_$(program) \
    $(SHARE)/fish/vendor_completions.d/$(program).fish) \
    $(SHARE)/man/man1/udp-client.1 $(SHARE)/man/man8/udp-server.8 \
    $(addprefix $(UNITS)/,$(notdir $(wildcard config/systemd/*)))

# What is installed is built apart, with the Swift libraries inside: it runs for everyone, without the toolchain. The same
# source in the same folder gives the same bytes, and no path of this machine goes into them. (In another folder the
# compiler may choose otherwise.)
MAPS := -Xswiftc -file-prefix-map -Xswiftc "$(CURDIR)=/gaschat" -Xcc "-ffile-prefix-map=$(CURDIR)=/gaschat"

build-static: setup
	for program in udp-server udp-client; do \
	    $(SWIFT) build -c release --static-swift-stdlib -Xlinker -s $(MAPS) --scratch-path $(SCRATCH)-install \
	        --product $$program; \
	done

# Manual pages, completions and configuration files are what the programs themselves print.
install: build-static ## Installs programs, manual pages, completions, units and examples below DESTDIR and PREFIX
	@umask 022; \
	put() { "$(SCRATCH)-install/release/$$program" --generate "$$1" | install -D -m 644 /dev/stdin "$$2"; }; \
	for program in udp-server udp-client; do \
	    install -D -m 755 $(SCRATCH)-install/release/$$program "$(DESTDIR)$(PREFIX)/bin/$$program"; \
	    section=1; if [ $$program = udp-server ]; then section=8; fi; \
	    put man "$(SHARE)/man/man$$section/$$program.$$section"; \
	    put bash "$(SHARE)/bash-completion/completions/$$program"; \
	    put zsh "$(ZSH)/_$$program"; \
	    put fish "$(SHARE)/fish/vendor_completions.d/$$program.fish"; \
	    put config "$(DOC)/$${program#udp-}.json5"; \
	done; \
	for unit in $(wildcard config/systemd/*); do \
	    sed 's|/usr/bin/|$(PREFIX)/bin/|g' "$$unit" | install -D -m 644 /dev/stdin "$(UNITS)/$${unit##*/}"; \
	done; \
	install -D -m 755 -t "$(DOC)/examples" config/examples/*; \
	for file in $(shell find config/firewall config/grafana config/sysctl -type f 2>/dev/null); do \
	    install -D -m 644 "$$file" "$(DOC)/$${file#config/}"; \
	done

uninstall: ## Removes what install put below DESTDIR and PREFIX
	rm -f $(foreach file,$(INSTALLED),"$(file)")
	rm -rf "$(DOC)"

# The package's file name needs the version, which the changelog of the package has; a test compares it with the program's.
VERSION := $(shell sed -n '1s/.*(\(.*\)).*/\1/p' config/package/debian/changelog)
DEB      = $(SCRATCH)/gaschat_$(VERSION)_$(shell dpkg --print-architecture 2>/dev/null).deb

deb: PROGRAMS := chrpath
deb: LIBRARIES += dpkg-dev:dpkg-dev
deb: setup ## Builds the Debian package, with all but the system's libraries inside
	rm -rf $(SCRATCH)/deb "$(DEB)"
	mkdir -p $(SCRATCH)
	$(MAKE) install PREFIX=/usr DESTDIR=$(SCRATCH)/deb ZSH=$(SCRATCH)/deb/usr/share/zsh/vendor-completions
	config/package/build-deb $(SCRATCH)/deb "$(DEB)"
	@echo "$(DEB)"

package-test: PROGRAMS := lintian jq
package-test: setup ## Installs, starts, upgrades, removes and purges the package in a copy of this system (as root)
	$(MAKE) deb
	lintian --fail-on error "$(DEB)"
	config/package/test-deb "$(DEB)"
	rm -rf $(SCRATCH)/tree
	$(MAKE) install DESTDIR=$(SCRATCH)/tree
	for program in udp-server udp-client; do $(SCRATCH)/tree$(PREFIX)/bin/$$program --version; done
	$(MAKE) uninstall DESTDIR=$(SCRATCH)/tree
	@left=$$(find $(SCRATCH)/tree -not -type d); if [ -n "$$left" ]; then echo "uninstall leaves $$left" >&2; exit 1; fi

reproducible: setup ## Builds the package twice from nothing, in the same folder: it must be the same byte by byte
	rm -rf $(SCRATCH)-install
	$(MAKE) deb
	mv "$(DEB)" $(SCRATCH)/first.deb
	rm -rf $(SCRATCH)-install
	$(MAKE) deb
	cmp "$(DEB)" $(SCRATCH)/first.deb

clean: ## Removes everything that was built
	rm -rf $(SCRATCH) $(SCRATCH)-install
