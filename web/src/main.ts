import { EngineClient } from "./engine/client.ts";
import { defaultExample } from "./examples.ts";
import { startSession } from "./session.ts";
import { initialState, reduce } from "./state/state.ts";
import { createStore } from "./state/store.ts";
import { AppPage } from "./view/app-page.ts";

const store = createStore(reduce, initialState("", null));
const session = startSession(store, new EngineClient());
const page = new AppPage();
page.store = store;
page.session = session;
document.body.replaceChildren(page);
if (!(await page.openLinked())) await session.load(defaultExample);
