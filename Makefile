# The work is done by readable scripts in tools/; `make help` lists the commands.
.DEFAULT_GOAL := help
.PHONY: help demo test lint i18n screenshot bench shell stop clean
export DEMO_PORT FRESH ONLY

help:  ## this list
	@sed -n 's/^\([a-z0-9]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

demo:  ## a shop to look at, with logins (DEMO_PORT=8069; FRESH=1 makes it anew)
	@python3 tools/demo.py

test:  ## lint and all tests, with a browser (ONLY=an addon, or paths of tests)
	@python3 tools/test.py

lint:  ## the checks that need no database
	@python3 tools/lint.py

i18n:  ## export the .pot files, carry new strings into es.po and ca.po
	@python3 tools/i18n.py

screenshot:  ## take the picture of the README from the demo
	@python3 tools/screenshot.py

bench:  ## time claims, the portal, surveys, certificates, product notices and care at size
	@python3 tools/bench.py
	@python3 tools/bench_surveys.py
	@python3 tools/bench_portal.py
	@python3 tools/bench_warranty.py
	@python3 tools/bench_bulletin.py
	@python3 tools/bench_care.py

shell:  ## Odoo's Python shell on the demo
	@tools/run shell aftersales_demo

stop:  ## stop the demo and the private PostgreSQL
	@python3 tools/demo.py stop

clean:  ## remove all that was downloaded or made (.dev)
	@python3 tools/demo.py clean
