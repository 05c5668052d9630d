// The operation's classes, as ServiceStack's "Add ServiceStack Reference" makes them for its users.
export class ResponseStatus {
    constructor(init) { Object.assign(this, init); }
    errorCode;
    message;
    stackTrace;
    errors;
    meta;
}

export class ResetTwoFactorAuthenticationResponse {
    constructor(init) { Object.assign(this, init); }
    responseStatus;
}

export class TenantedRequest {
    constructor(init) { Object.assign(this, init); }
    organisationId;
}

// @Route("/users/2fa/reset", "PUT")
export class ResetTwoFactorAuthenticationRequest extends TenantedRequest {
    constructor(init) { super(init); Object.assign(this, init); }
    targetUserId;
    callerCode;
    getTypeName() { return 'ResetTwoFactorAuthenticationRequest'; }
    getMethod() { return 'PUT'; }
    createResponse() { return new ResetTwoFactorAuthenticationResponse(); }
}
