"""`make screenshot`: the picture of the README, taken from the running demo.

It shows what the after-sales manager and the customer see, side by side.
"""

import base64
import os
import shutil
import sys
from pathlib import Path

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "screenshot.png"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}
FRAME = """
<body style="margin: 0; background: #e2e8f0; position: relative">
  <style>img { display: block; border-radius: 12px; box-shadow: 0 8px 30px #0f172a55 }
  </style>
  <img src="DESK" style="width: 1120px; margin: 30px 0 30px 30px">
  <img src="PHONE" style="width: 280px; position: absolute; right: 30px; bottom: 30px;
    border: 8px solid #1e293b; border-radius: 28px">
</body>
"""


def run():
    """Start the demo where it does not run, then take the picture."""
    import demo
    from project import Trouble, say
    from server import prepare
    from system import BROWSERS

    running = demo._running()
    if not running:
        demo.start()
        running = demo._running()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        raise Trouble(f"There is no browser. Install one of: {', '.join(BROWSERS)}.")
    odoo = prepare()
    address = f"http://127.0.0.1:{running['port']}"
    done = odoo.call([odoo.python, __file__, browser, address])
    if done.returncode:
        raise Trouble("The picture could not be taken.")
    say(f"{PICTURE.relative_to(PICTURE.parent.parent)} is new")


def take(browser, address):
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=browser, args=arguments)
        page = _sign_in(chrome, address, "manager", DESK)
        page.goto(f"{address}/odoo/claims")
        page.wait_for_selector(".o_kanban_record")
        desk = _shoot(page)
        page = _sign_in(chrome, address, "customer", PHONE)
        page.goto(f"{address}/my/assets")
        page.click("a.o_aftersales_asset:has-text('e-bike')")
        page.wait_for_selector(".o_aftersales_picture")
        phone = _shoot(page)
        page = chrome.new_page(viewport={"width": 1280, "height": 760})
        page.set_content(
            FRAME.replace("DESK", _inline(desk)).replace("PHONE", _inline(phone))
        )
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
        chrome.close()


def _sign_in(chrome, address, login, size):
    page = chrome.new_context(viewport=size).new_page()
    page.goto(f"{address}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click(".oe_login_form button[type=submit]")
    page.wait_for_url(lambda url: "/web/login" not in url)
    return page


def _shoot(page):
    page.wait_for_function("[...document.images].every(image => image.complete)")
    page.wait_for_timeout(1000)  # what slides and fades in has come to rest
    return page.screenshot()


def _inline(png):
    return "data:image/png;base64," + base64.b64encode(png).decode()


if __name__ == "__main__":
    if sys.argv[1:]:
        take(*sys.argv[1:])
    else:
        from project import main

        main(run)
