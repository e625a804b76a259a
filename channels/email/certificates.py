"""What is wrong with a mail server's certificate, said so that whoever runs the bot can mend it.

The numbers are OpenSSL's: https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/#error-codes
"""

from __future__ import annotations

import ssl

_EXPIRED, _NOT_YET = 10, 9
_OF_ITSELF = frozenset({18, 19})
_OTHER_NAME = frozenset({62, 64})


def fault_behind(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """What was found wrong with a certificate, if this error came of that."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__ or error.__context__
    return None


def sentence(fault: ssl.SSLCertVerificationError) -> str:
    """What is wrong, and what to do, without a word of what the server said."""
    code = fault.verify_code
    if code == _EXPIRED:
        return "The mail server's certificate has expired: it has to be renewed there."
    if code == _NOT_YET:
        return "The mail server's certificate is not valid yet: is this machine's clock right?"
    if code in _OTHER_NAME:
        return "The mail server's certificate is for another name than the address in the settings."
    if code in _OF_ITSELF:
        return (
            "The mail server's certificate is signed by itself alone: the server needs one from an"
            " authority that this machine trusts."
        )
    return "The mail server's certificate is from nobody whom this machine trusts."
