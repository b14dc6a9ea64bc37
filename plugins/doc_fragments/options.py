# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""What every module shares: its options, the rules of the environment, and what it needs."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of ``_options.COMMON``. They have environment fallbacks, so their defaults are told in prose."""

    DOCUMENTATION = r"""
options:
  provider:
    description:
      - The provider to work with.
    type: str
    required: true
    choices:
      # generated: choices
      bandwidth: Bandwidth, version 2. A purchase is an order that names its numbers.
      infobip_sms: Infobip phone numbers. A purchase names the number.
      plivo_groups: Plivo. A purchase names a group and a quantity, Plivo chooses the numbers.
      sinch_catalog: The Sinch Numbers API, the global phone number catalogue. A purchase names the number.
      sinch_portal: Sinch number administration, the API behind the Sinch dashboard. A purchase reserves numbers of a
        group and checks them out, Sinch chooses the numbers.
      telnyx: Telnyx. A purchase is an order that names the numbers.
      twilio: Twilio. A purchase names the number.
      # end of what is generated
  account_id:
    description:
      - The account to work in. Where the provider's API names no account, it names it for the lock and the journal.
      # generated: option account_id
      - At V(bandwidth) it is the account that has the numbers. Environment E(BW_ACCOUNT_ID),
        E(TELCO_NUMBERS_BANDWIDTH_ACCOUNT_ID).
      - At V(infobip_sms) it is a name for the account, which is never sent. The lock and the journal know the
        account by it. Environment E(TELCO_NUMBERS_INFOBIP_SMS_ACCOUNT_ID).
      - At V(plivo_groups) it is the auth ID. Environment E(PLIVO_AUTH_ID), E(TELCO_NUMBERS_PLIVO_GROUPS_ACCOUNT_ID).
      - At V(sinch_catalog) it is the account. Environment E(SINCH_ACCOUNT_ID),
        E(TELCO_NUMBERS_SINCH_CATALOG_ACCOUNT_ID).
      - At V(sinch_portal) it is the organisation, which is needed when the user has several. Environment
        E(SINCH_ORGANISATION_ID), E(TELCO_NUMBERS_SINCH_PORTAL_ACCOUNT_ID).
      - At V(telnyx) it is a name for the account, which is never sent. A purchase needs it, because lock and journal
        know the account by it. Environment E(TELCO_NUMBERS_TELNYX_ACCOUNT_ID).
      - At V(twilio) it is the account's SID, or a sub-account's. Environment E(TWILIO_ACCOUNT_SID),
        E(TELCO_NUMBERS_TWILIO_ACCOUNT_ID).
      - Other providers do not use it.
      # end of what is generated
    type: str
    aliases:
      - auth_id
      - account_sid
      - project_id
      - organisation_id
  username:
    description:
      - The user to log in as.
      # generated: option username
      - At V(bandwidth) it is an API user, instead of a client. Environment E(BW_USERNAME),
        E(TELCO_NUMBERS_BANDWIDTH_USERNAME).
      - At V(infobip_sms) it is the user to log in as, instead of an API key. Environment E(INFOBIP_USERNAME),
        E(TELCO_NUMBERS_INFOBIP_SMS_USERNAME).
      - At V(sinch_portal) it is the e-mail address that you log in with at the Sinch dashboard. Environment
        E(SINCH_USERNAME), E(TELCO_NUMBERS_SINCH_PORTAL_USERNAME).
      - At V(twilio) it is the SID of the parent whose token opens a sub-account. Environment
        E(TELCO_NUMBERS_TWILIO_USERNAME).
      - Other providers do not use it.
      # end of what is generated
    type: str
    aliases:
      - identity
      - email
  identity_type:
    description:
      - What kind of name O(username) is. V(email) when it is not set.
      # generated: option identity_type
      - At V(sinch_portal) it is the kind of name that the user name is, when it is no e-mail address. Environment
        E(TELCO_NUMBERS_SINCH_PORTAL_IDENTITY_TYPE).
      - Other providers do not use it.
      # end of what is generated
    type: str
  password:
    description:
      - The password of O(username), or a token in its place.
      # generated: option password
      - At V(bandwidth) it is the API user's password. Environment E(BW_PASSWORD),
        E(TELCO_NUMBERS_BANDWIDTH_PASSWORD).
      - At V(infobip_sms) it is the user's password. Environment E(INFOBIP_PASSWORD),
        E(TELCO_NUMBERS_INFOBIP_SMS_PASSWORD).
      - At V(plivo_groups) it is the auth token. Environment E(PLIVO_AUTH_TOKEN),
        E(TELCO_NUMBERS_PLIVO_GROUPS_PASSWORD).
      - At V(sinch_portal) it is the user's password. Environment E(SINCH_PASSWORD),
        E(TELCO_NUMBERS_SINCH_PORTAL_PASSWORD).
      - At V(twilio) it is the auth token, instead of an API key. Environment E(TWILIO_AUTH_TOKEN),
        E(TELCO_NUMBERS_TWILIO_PASSWORD).
      - Other providers do not use it.
      # end of what is generated
    type: str
    aliases:
      - auth_token
  api_key:
    description:
      - A key, or the part of it that may be known.
      # generated: option api_key
      - At V(bandwidth) it is the id of an OAuth client. Environment E(BW_CLIENT_ID),
        E(TELCO_NUMBERS_BANDWIDTH_API_KEY).
      - At V(infobip_sms) it is the API key, the usual way to log in. Environment E(INFOBIP_API_KEY),
        E(TELCO_NUMBERS_INFOBIP_SMS_API_KEY).
      - At V(sinch_catalog) it is the ID of a key, sent as HTTP Basic. Environment E(SINCH_KEY_ID),
        E(TELCO_NUMBERS_SINCH_CATALOG_API_KEY).
      - At V(telnyx) it is the API key, or the id of an OAuth client. Environment E(TELNYX_API_KEY),
        E(TELNYX_CLIENT_ID), E(TELCO_NUMBERS_TELNYX_API_KEY).
      - At V(twilio) it is the SID of an API key, sent as HTTP Basic. Environment E(TWILIO_API_KEY),
        E(TELCO_NUMBERS_TWILIO_API_KEY).
      - Other providers do not use it.
      # end of what is generated
    type: str
    aliases:
      - client_id
  api_secret:
    description:
      - The secret that belongs to O(api_key).
      # generated: option api_secret
      - At V(bandwidth) it is the client's secret. Environment E(BW_CLIENT_SECRET),
        E(TELCO_NUMBERS_BANDWIDTH_API_SECRET).
      - At V(sinch_catalog) it is the key's secret. Environment E(SINCH_KEY_SECRET),
        E(TELCO_NUMBERS_SINCH_CATALOG_API_SECRET).
      - At V(telnyx) it is the secret of the OAuth client. Environment E(TELNYX_CLIENT_SECRET),
        E(TELCO_NUMBERS_TELNYX_API_SECRET).
      - At V(twilio) it is the key's secret. Environment E(TWILIO_API_SECRET), E(TWILIO_API_KEY_SECRET),
        E(TELCO_NUMBERS_TWILIO_API_SECRET).
      - Other providers do not use it.
      # end of what is generated
    type: str
    aliases:
      - client_secret
  token:
    description:
      - A token to log in with.
      # generated: option token
      - At V(sinch_catalog) it is a bearer token, instead of a key. Environment E(SINCH_TOKEN),
        E(TELCO_NUMBERS_SINCH_CATALOG_TOKEN).
      - Other providers do not use it.
      # end of what is generated
    type: str
  api_url:
    description:
      - Another address to send the requests to, for example V(https://api.example.com), with or without the scheme,
        which is then C(https).
      - It replaces every host of the provider. The documented paths are kept and come behind it.
      - It may have a path of its own, which a proxy in between takes away. The provider signs and links without it;
        next pages are asked for below it.
      - It must carry no credentials, no query and no fragment.
      # generated: option api_url
      - At V(bandwidth) it is another address in place of all hosts of the vendor, for example the sandbox's.
        Environment E(BW_API_URL), E(TELCO_NUMBERS_BANDWIDTH_API_URL).
      - At V(infobip_sms) it is the address of your account, as the Infobip portal shows it. Environment
        E(INFOBIP_BASE_URL), E(TELCO_NUMBERS_INFOBIP_SMS_API_URL).
      - At V(plivo_groups) it is another address in place of the provider's own, for example the sandbox's.
        Environment E(PLIVO_API_URL), E(TELCO_NUMBERS_PLIVO_GROUPS_API_URL).
      - At V(sinch_catalog) it is another address in place of the provider's own, for example the sandbox's.
        Environment E(SINCH_NUMBERS_URL), E(TELCO_NUMBERS_SINCH_CATALOG_API_URL).
      - At V(sinch_portal) it is another address in place of the three of the API, for example the sandbox's.
        Environment E(SINCH_PORTAL_URL), E(TELCO_NUMBERS_SINCH_PORTAL_API_URL).
      - At V(telnyx) it is another address in place of the provider's own, for example the sandbox's. Environment
        E(TELNYX_BASE_URL), E(TELCO_NUMBERS_TELNYX_API_URL).
      - At V(twilio) it is another address in place of all hosts of the vendor, for example the sandbox's.
        Environment E(TELCO_NUMBERS_TWILIO_API_URL).
      # end of what is generated
    type: str
  timeout:
    description:
      - Seconds that one whole request may take, more than zero, 3600 at most. 30 when it is not set.
      - Environment. E(TELCO_NUMBERS_TIMEOUT).
    type: float
  deadline:
    description:
      - Seconds that the whole task may take, with its repetitions and pauses, more than zero, 604800 at most. 300 when
        it is not set.
      - It also bounds the wait for the lock of the account.
      - Environment. E(TELCO_NUMBERS_DEADLINE).
    type: float
  retries:
    description:
      - How often a request may be repeated, from 0 to 100. 3 when it is not set.
      - Reads are repeated after a connection error and after an answer that speaks of a passing fault.
        A request that changes or buys something is repeated only if the provider provably did not act on it,
        that is when the connection was never made or when it answered that there were too many requests (HTTP 429).
      - Whatever this is, a request is repeated once where that cannot act twice, which is after a renewed log-in, a
        reservation, a checkout of the same reservations, a release of the same purchase, the purchase of a named number
        that surely was not bought.
      - Environment. E(TELCO_NUMBERS_RETRIES).
    type: int
  concurrency:
    description:
      - How many requests may be under way at the same time, from 1 to 32. 4 when it is not set.
      - What a task does for many numbers, each by a call of its own, and pages of a list whose length is known, go on
        side by side. Purchases from groups and reservations go one after the other.
      - When the provider answers that there were too many requests, all of them slow down together.
      - Environment. E(TELCO_NUMBERS_CONCURRENCY).
    type: int
    version_added: 1.0.0
  rate:
    description:
      - How many requests a second are sent at most, from 0.001 to 1000.
      - Without it they keep the pace that the provider is known to allow, if any; else it gets them as they come.
        An O(api_url) on the loopback interface, as the sandbox has, is no provider and has no such pace.
      - When the provider answers that there were too many requests, it is slowed down to what got through.
      - Environment. E(TELCO_NUMBERS_RATE).
    type: float
    version_added: 1.0.0
  settle_time:
    description:
      - Seconds that a change may stay invisible in the provider's lists, from 0 to 3600. 15 when it is not set.
      - For so long the module reads on when an answer got lost or the list does not show a purchase yet.
      - Environment. E(TELCO_NUMBERS_SETTLE_TIME).
    type: float
  validate_certs:
    description:
      - Whether the provider's TLS certificate must be valid. V(true) when it is not set.
      - Environment. E(TELCO_NUMBERS_VALIDATE_CERTS).
    type: bool
  ca_path:
    description:
      - A file or directory with the certificates of the authorities to trust instead of the usual ones, on the host
        that executes the task.
      - Environment. E(TELCO_NUMBERS_CA_PATH).
    type: path
  session_cache:
    description:
      - A directory, on the host that executes the task, where a log-in or a token is kept between tasks. Providers that
        have neither do not use it.
      # generated: remarks options session_cache
      - V(sinch_portal) keeps its log-in there.
      # end of what is generated
      - Without it every task logs in once, which takes three requests, or asks for a token of its own.
      - Of tasks that need a token at the same time one asks for it. It is renewed before it expires, and once when the
        provider refuses it.
      - It is made with mode 0700, its files with mode 0600. A directory or file that belongs to somebody else, or that
        others can use, is refused.
      - Environment. E(TELCO_NUMBERS_SESSION_CACHE).
    type: path
  journal:
    description:
      - The directory of the purchase journals and of the account locks, on the host that executes the task.
      - When it is not set, it is C(telco.numbers) in the user's state folder, E(XDG_STATE_HOME) or else
        C(~/.local/state).
      - It is made with mode 0700. A directory that others can use is refused.
      - V(none), V(no), V(off) or V(false) turns the journal off; locks then stand in the default directory.
        Where pending orders cannot be listed, nothing is bought without a journal (C(journal_required)).
      # generated: having pending_orders
      - So it is at V(plivo_groups).
      # end of what is generated
      - It must outlive the task. In an execution environment or a container, mount a lasting directory and name it
        here.
      - Environment. E(TELCO_NUMBERS_JOURNAL).
    type: path
  account_currency:
    description:
      - The currency of the account, as an ISO 4217 code like V(USD).
      - It stands in for the currency that a price of the provider does not name.
        Where the provider does name one, that one counts.
      - Environment. E(TELCO_NUMBERS_ACCOUNT_CURRENCY).
    type: str
  price_list:
    description:
      - What numbers cost where the provider tells no price at all, so that quotes, limits and costs can count it.
        It never takes the place of a price that the provider tells.
      - A list of entries with C(currency) and C(monthly), both needed, C(setup), C(country), C(type) and C(where).
        Prices are decimals in strings, for one number; without C(setup) it is nothing.
      - The first entry that fits counts. One without C(country) or C(type) fits any. C(where) names values that the
        provider's own record must have, where its records have fields to tell prices by.
      - Environment. E(TELCO_NUMBERS_PRICE_LIST), the list as JSON.
    type: list
    elements: dict
requirements:
  - python >= 3.8
  - requests
  - phonenumbers
notes:
  - The requirements must be there on the host that executes the task.
  - An option that is not given is taken from the environment. The variables stand with each option, and of several the
    first one that is set counts. A credential and O(api_url) look at the names of the chosen provider only.
  - Empty means not given, in an option as in a variable, because AWX renders unset fields empty.
  - If a task sets any credential of one way to log in, variables of the other ways are ignored.
    With O(api_key) in the task, for example, E(INFOBIP_USERNAME) is not looked at. Half a way is an error that names
    what is missing.
  - It is the environment of the process that executes the task. A remote target does not see the controller's; set
    C(environment) on the play, pass the options, or run the task on the controller with C(delegate_to).
  - Secrets are masked however they came in, also those that a log-in yields, and however they are encoded.
    They appear in no result, error, log, diff, journal or cache key.
  - Masking never touches the keys of a result, numbers, amounts, telephone numbers or the words of the results
    themselves, like V(voice) or V(active), even if a secret is the same. A secret of less than four characters cannot
    be hidden, so it is refused.
  - Passwords and tokens in addresses, like C(https://user:password@example.com/?token=abc), are written and compared as
    they are, and shown as C(********).
  - A credential that holds a line break is refused. In YAML, V(|-) instead of V(|) leaves out the one at its end.
  - A variable that chooses a region of the vendor, which one address cannot express, is refused with what to do
    instead.
  - With C(-vvv) each request is shown with its method and address, the status of the answer, the time that it took, and
    the provider's own id of it, where there is one; never with a secret. A task with C(no_log) or
    C(async) shows none.
  - When a provider answers that there were too many requests, the pause is what C(Retry-After) or the reset of the
    limit in C(X-RateLimit-Reset) says. Moments are counted by the clock of the answer, not by the host's.
  - Proxies are taken from the usual variables, E(HTTPS_PROXY), E(HTTP_PROXY) and E(NO_PROXY).
"""
